/* What knote_fork() of FreeBSD 10.4 does to locks, lists and knotes, written anew and shortened:
   the examples of the documents run on it. */

void
knote_fork(struct knlist *list, int pid)
{
	struct knote *kn;
	struct kqueue *kq;
	struct kevent child, later;

	list->kl_lock(list->kl_lockarg);
	SLIST_FOREACH(kn, &list->kl_list, kn_selnext) {
		if (kn->kn_status & KN_INFLUX)
			continue;
		kq = kn->kn_kq;
		KQ_LOCK(kq);
		if ((kn->kn_status & (KN_INFLUX | KN_SCAN)) == KN_INFLUX) {
			KQ_UNLOCK(kq);
			continue;
		}
		if (!(kn->kn_sfflags & NOTE_TRACK)) {
			kn->kn_status |= KN_HASKQLOCK;
			if (kn->kn_fop->f_event(kn, NOTE_FORK))
				KNOTE_ACTIVATE(kn, 1);
			kn->kn_status &= ~KN_HASKQLOCK;
			KQ_UNLOCK(kq);
			continue;
		}

		/* Tracked: kqueue_register() takes both locks itself. */
		kn->kn_status |= KN_INFLUX;
		KQ_UNLOCK(kq);
		list->kl_unlock(list->kl_lockarg);

		child = request(kn, pid);
		child.flags = kn->kn_flags | EV_ADD | EV_ENABLE | EV_ONESHOT | EV_FLAG2;
		if (kqueue_register(kq, &child, NULL, 0))
			kn->kn_fflags |= NOTE_TRACKERR;
		later = request(kn, pid);
		later.flags = kn->kn_flags | EV_ADD | EV_ENABLE | EV_FLAG1;
		if (kqueue_register(kq, &later, NULL, 0))
			kn->kn_fflags |= NOTE_TRACKERR;

		if (kn->kn_fop->f_event(kn, NOTE_FORK))
			KNOTE_ACTIVATE(kn, 0);
		KQ_LOCK(kq);
		kn->kn_status &= ~KN_INFLUX;
		KQ_UNLOCK_FLUX(kq);
		list->kl_lock(list->kl_lockarg);
	}
	list->kl_unlock(list->kl_lockarg);
}
